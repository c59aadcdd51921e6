"""What is generated from the messages and topics: JSON Schema, AsyncAPI, tables for a reader."""
