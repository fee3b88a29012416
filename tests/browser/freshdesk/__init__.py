"""The Freshdesk apps in a product page of ours, before the real service, over real HTTP."""
