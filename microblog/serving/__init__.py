"""How `manage.py serve` answers HTTP: gunicorn keeps the processes, waitress reads whole requests
before a thread is taken.
"""

# of the environment of a request: how many seconds it waited for its thread
WAITED = "microblog.waited"
