"""Rules on what ``fit`` is given beside the data, and on what is trained."""
