"""Confirmation codes and what a member may say."""
