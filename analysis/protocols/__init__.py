"""Guided tests, one file each: how much of each task is wanted is our judgement."""
