"""What is no word of a message's author, one module a sort: quotes, disclaimers, signatures."""
