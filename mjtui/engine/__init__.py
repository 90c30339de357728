"""What happens over time: sending, watching, saving; the one way to the library and the service for every face."""

from mjtui.engine.events import EngineEvent, JobsChanged, Notice, Status
from mjtui.engine.handle import Handle, Options
from mjtui.engine.money import KnownPrice, Price
from mjtui.library.jobjson import iso, job_json
from mjtui.library.rows import STATES, UNFINISHED, Batch, Counts, Event, Job, Picture, State, Trouble
from mjtui.media.pixels import Pixels

__all__ = [
    "STATES",
    "UNFINISHED",
    "Batch",
    "Counts",
    "EngineEvent",
    "Event",
    "Handle",
    "Job",
    "JobsChanged",
    "KnownPrice",
    "Notice",
    "Options",
    "Picture",
    "Pixels",
    "Price",
    "State",
    "Status",
    "Trouble",
    "iso",
    "job_json",
]
