"""The organisers' door: who is signed in, the frame, and the pages."""
