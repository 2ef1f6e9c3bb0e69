"""The `/workload` overview: own load and hours, agencies' shares, people's loads, and what if an agency left."""
