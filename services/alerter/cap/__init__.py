"""OASIS Common Alerting Protocol 1.2: alerts written as CAP, and any CAP message checked. Pure."""
