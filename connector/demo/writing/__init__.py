"""The workshop of the packaged story: data written by hand, and the program that sets it in type.

``people/`` holds the people the story is about, each in a file of their own, every word by hand.
``cast.toml`` and ``phrases/`` hold the other customers and the sentences they draw from.
``python -m connector.demo.writing`` writes ``connector/demo/stories/lumenline.json`` from them,
the same bytes every time. The wheel carries the story, not the workshop.
"""
