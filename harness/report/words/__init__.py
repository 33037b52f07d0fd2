"""Every sentence that a student reads."""
