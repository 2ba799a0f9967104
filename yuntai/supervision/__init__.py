"""The administrative supervision system (行政监管系统): it watches and directs, and cannot trade."""
