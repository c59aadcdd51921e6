"""Conditions over an incident in CEL, as operators write them in rules and subscriptions. Pure."""
