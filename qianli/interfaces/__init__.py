"""What couriers and channels have in common: accounts, the way there, pushes."""
