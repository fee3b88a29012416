"""The apps that are installed in a helpdesk, and what makes packages of them."""
