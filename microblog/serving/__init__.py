"""How `manage.py serve` answers: gunicorn keeps processes, waitress reads whole requests first."""

# of the environment of a request: how many seconds it waited for its thread
WAITED = "microblog.waited"
