"""What everybody else uses: reports, removal requests, notices."""
