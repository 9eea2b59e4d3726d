"""The assistant (MCP) server."""
