"""A simulated helpdesk: a real HTTP server on loopback that tells a story.

`story` reads the document, `zendesk` and `freshdesk` answer as the public APIs of those two do,
`faults` gets in the way on purpose, and `server` serves all of it::

    with DemoHelpdesk(load_story(packaged_story())) as helpdesk:
        print(helpdesk.url)
"""
