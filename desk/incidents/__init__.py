"""The tickets of the current cycles by the hours they took, everybody's time together."""
