"""The embedded servers and the processes of one machine: PostgreSQL, Redis, web, three workers, scheduler.

Standard library only, so that it can run before anything is installed. It never imports the product."""
