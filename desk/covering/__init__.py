"""Which days the files speak for, and a person's word that there was no work on others."""
