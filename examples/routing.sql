-- Three regions on loopback, for `make run`. Apply to a file made by `edgeproxy db init`.
INSERT INTO backends (id, app, region, country, wg_ip, port, healthy, weight, soft_limit, hard_limit) VALUES
  ('sa-1', 'default', 'sa', 'BR', '127.0.0.1', 9101, 1, 2, 100, 150),
  ('us-1', 'default', 'us', 'US', '127.0.0.1', 9102, 1, 2, 100, 150),
  ('eu-1', 'default', 'eu', 'DE', '127.0.0.1', 9103, 1, 2, 100, 150);
