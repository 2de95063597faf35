"""How diagnostics look: as text for people, as JSON for programs."""
