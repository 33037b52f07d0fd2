"""How every test is run."""

from hypothesis import settings

# How long an example takes depends on the machine; what it shows does not.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")
