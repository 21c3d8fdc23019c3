"""What archives remember: what was imported, and the archive that somebody asked for."""

from archives.models.export import Export, ExportError
from archives.models.imported import X_HOST, ImportedAccount, ImportedId, X

__all__ = ["X_HOST", "Export", "ExportError", "ImportedAccount", "ImportedId", "X"]
