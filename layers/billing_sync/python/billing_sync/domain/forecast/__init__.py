"""The forecast: today's usage beside the last invoice's, client by client."""
