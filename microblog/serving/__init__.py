"""How `manage.py serve` answers HTTP: gunicorn keeps the processes, waitress reads whole requests before a thread is taken."""
