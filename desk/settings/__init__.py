"""The provider's own settings, with a look at the colour before it is saved."""
