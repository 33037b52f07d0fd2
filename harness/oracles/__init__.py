"""The engines we believe: finding them, holding them to their promise, recording them."""
