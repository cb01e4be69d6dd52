"""Slack: Bolt's events in, Block Kit out, and nothing of either anywhere else."""
