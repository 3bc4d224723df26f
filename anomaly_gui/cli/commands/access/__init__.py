"""Commands about the people of a station: who they are, who is signed in, and what they sign for."""
