"""From stored tickets to memories."""
