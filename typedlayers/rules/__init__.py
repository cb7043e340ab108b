"""What is right: one rule a file, from facts to findings; `table` lists them, `engine` runs them."""
