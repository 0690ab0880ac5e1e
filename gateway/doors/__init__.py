"""The public doors: customers, agents, Rasa-compatible clients and static pages over HTTP and sockets."""
