"""A simulated helpdesk: a real HTTP server on loopback that tells a story."""
