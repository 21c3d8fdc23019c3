"""What the log makes of what is no accident. Read with the settings: it knows none of the site."""

import logging


class DeliberateFilter(logging.Filter):
    """Of a 503, which we answer on purpose: a line of warning, without Django's traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "status_code", 0) == 503:
            record.levelno, record.levelname = logging.WARNING, "WARNING"
            record.exc_info = record.exc_text = None
        return True
