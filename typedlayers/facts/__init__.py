"""What is known of a program: plain values of ours, each of which says nothing of what is right."""
