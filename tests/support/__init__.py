"""What several folders of tests share: fake engines, a class, evidence, specimens."""
