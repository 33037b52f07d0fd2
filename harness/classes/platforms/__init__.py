"""What is uploaded to a platform, and what runs there."""
