"""What services speak: dialects, the client, its limits and errors."""

from __future__ import annotations

from mjtui.api.dialects import DIALECTS, Dialect, dialect
from mjtui.api.service import API_URL, UPLOAD_URL, Service, curl
from mjtui.api.values import Call, Report, Uploaded

__all__ = ["API_URL", "DIALECTS", "UPLOAD_URL", "Call", "Dialect", "Report", "Service", "Uploaded", "curl", "dialect"]
