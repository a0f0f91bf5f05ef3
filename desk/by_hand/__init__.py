"""Hours by hand: a form and a paste box for a client without a tracker."""
