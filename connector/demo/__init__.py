"""A simulated helpdesk: a real HTTP server on loopback that tells a story.

`story` reads the document, `zendesk` answers as Zendesk's public API does, `faults` gets in the way
on purpose, and `server` serves all of it::

    with DemoHelpdesk(load_story(packaged_story())) as helpdesk:
        print(helpdesk.url)
"""
