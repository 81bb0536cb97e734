"""Qianli (千里传书): gets one kit into the hands of every member, and knows that it did."""
