"""Files and pictures: what a file is, whether it is whole, its pixels at the size asked for, and its name."""
