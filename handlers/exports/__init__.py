"""What people take with them: files for spreadsheets."""
