"""HTTP: reading requests within bounds, routes, replies, the event stream. `app.create_app` puts it together."""
