"""Pictures and videos from strangers: decoded, made anew, kept, and cleaned up."""
