"""How the site answers: pages and fragments, errors, limits, middleware."""
