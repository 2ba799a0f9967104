"""The register of certificates (检测认证): what testing bodies found, published with the system tested."""
