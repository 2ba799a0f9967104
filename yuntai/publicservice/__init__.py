"""The public service platform (公共服务平台): it forwards, registers and shows, and never trades."""
