"""What is redacted, one module a sort: each finds spans in a text's plain reading."""
